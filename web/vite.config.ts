import { defineConfig } from "vitest/config";

// `npm run dev` serves the sources and passes everything else to a running server.
const server = process.env.TIDEGATE_ADDRESS ?? "http://127.0.0.1:9009";
const paths = ["/api", "/loki", "/prometheus", "/v1.0", "/-/", "/metrics", "/config", "/tenant-limits"];

export default defineConfig({
  // Relative: the page works below any prefix that a proxy puts in front of it.
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    // The server's content security policy has no room for data: addresses and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Sizes that count are those of the compressed files; tests/size.test.mjs bounds them.
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(paths.map((path) => [path, { target: server, ws: true }])),
  },
  // Tests of colours read the tokens.
  test: { include: ["src/**/*.test.ts"], css: true },
});

// node kubernetes_models.mjs FILE: a JSON list of objects against the schemas that the npm packages
// kubernetes-models and @kubernetes-models/prometheus-operator carry. Run where they are installed.
import fs from "node:fs";

const objects = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

function packageOf(apiVersion) {
  if (apiVersion.startsWith("monitoring.coreos.com/")) {
    return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  }
  return `kubernetes-models/${apiVersion}`;
}

let faults = 0;
for (const object of objects) {
  const name = `${object.kind} ${object.metadata.name}`;
  try {
    const models = await import(`${packageOf(object.apiVersion)}/${object.kind}`);
    new models[object.kind](object).validate();
  } catch (error) {
    faults += 1;
    console.log(`${name}: ${error.message}`);
  }
}
if (faults > 0) process.exit(1);
console.log(`${objects.length} objects are valid`);

/** A long name that may go on in the next line behind its signs, rather than anywhere. */
export function Breakable({ name }: { readonly name: string }) {
  return <>{name.split(/(?<=[_.:/=])/).map((part, i) => [i > 0 && <wbr />, part])}</>;
}

const KEY = "storefleet-organization";

/** Name of the organization whose things are shown; `undefined` for all that can be seen. */
export function chosenOrganization(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

export function chooseOrganization(name: string | undefined): void {
  if (name === undefined) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, name);
}

/** As the query of a request. */
export function inChosen(): string {
  const name = chosenOrganization();
  return name === undefined ? "" : `?organization=${encodeURIComponent(name)}`;
}

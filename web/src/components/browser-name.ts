// Browsers call themselves by many names, most of them others'; the first that fits is the one a person knows.

const browsers = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
  [/^storefleet\b/i, "storefleet"],
] as const;
const systems = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
] as const;

const firstIn = (names: readonly (readonly [RegExp, string])[], agent: string) =>
  names.find(([pattern]) => pattern.test(agent))?.[1];

/** `Chrome on Linux`; what it calls itself when that says nothing we know. */
export function browserName(agent: string | undefined): string {
  if (agent === undefined) return "not known";
  const browser = firstIn(browsers, agent);
  const system = firstIn(systems, agent);
  if (browser === undefined) return agent;
  return system === undefined ? browser : `${browser} on ${system}`;
}

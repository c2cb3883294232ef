// What must happen before everything else. A file and not an inline script: the Content-Security-Policy allows only the
// dashboard's own files.

// The colours before the first paint, so that nobody who chose dark sees a white flash. The key is the one Mantine
// remembers the choice under.
(() => {
  let chosen = null;
  try {
    chosen = window.localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Storage is switched off: follow the system.
  }
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const scheme = chosen === "dark" || chosen === "light" ? chosen : system;
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();

// A page whose own style sheet or script got lost on the way is loaded again, at most once in ten seconds. Chromium drops
// requests when a network interface comes or goes (ERR_NETWORK_CHANGED), and every pod of a cluster on this machine is one.
window.addEventListener(
  "error",
  ({ target }) => {
    const lost =
      target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === "stylesheet");
    if (!lost) return;
    try {
      const last = Number(window.sessionStorage.getItem("storefleet-loaded-again") ?? 0);
      if (Date.now() - last < 10_000) return;
      window.sessionStorage.setItem("storefleet-loaded-again", String(Date.now()));
      window.setTimeout(() => window.location.reload(), 300);
    } catch {
      // Without storage nothing would stop a reload without end.
    }
  },
  true,
);

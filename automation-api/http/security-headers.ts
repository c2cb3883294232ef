import type { RequestHandler } from "express";
import helmet from "helmet";

/** Headers that tell browsers to load and run only what comes from here. */
export function securityHeaders(publicOrigin: string): RequestHandler {
  const secure = publicOrigin.startsWith("https:");
  const others = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // Pictures inside of style sheets are written as data.
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The component library and Swagger UI write `<style>` elements; styles cannot run anything.
        styleSrc: ["'self'", "'unsafe-inline'"],
        ...(secure && { upgradeInsecureRequests: [] }),
      },
    },
    frameguard: { action: "deny" },
    // On plain HTTP, which is right on loopback, promising HTTPS would be a lie.
    strictTransportSecurity: secure,
  });
  return (request, response, next) => {
    response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    others(request, response, next);
  };
}

import { flushCompileCache } from "node:module";
import "@hono/node-server";
import "./app.ts";
import "./medusa/catalogue.ts";
import "./medusa/checkout.ts";

// Run once by the image build: what is loaded here lies compiled in NODE_COMPILE_CACHE afterwards.
flushCompileCache();

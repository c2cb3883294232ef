import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The service serves web/dist at the root of its own origin; `npm run dev -w web` stands in front of a running service.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2023",
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One style sheet, small enough to come with the first page: a page that is loaded later is never without its looks.
    cssCodeSplit: false,
    // One chunk for zod and every schema, so that no-eval.ts is run before them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "contract", test: /no-eval|node_modules\/zod\/|automation-api\/contract|\/stores\/[\w-]+\.ts$/ },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    // The service lets in only hosts and origins it knows, so both are its own on the way there.
    proxy: {
      "/api": { target: "http://localhost:8090", changeOrigin: true, headers: { origin: "http://localhost:8090" } },
    },
  },
});

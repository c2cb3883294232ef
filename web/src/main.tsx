import "./no-eval.ts";
import "./app/styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Providers } from "./app/providers.tsx";
import { createQueryClient } from "./app/query-client.ts";
import { createAppRouter } from "./app/router.tsx";

const place = document.getElementById("root");
if (place === null) throw new Error("The page has no place for the dashboard: #root is missing in index.html.");

const queryClient = createQueryClient();
const router = createAppRouter(queryClient);

createRoot(place).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);

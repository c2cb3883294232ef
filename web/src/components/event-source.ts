import { createContext } from "react";
import type { OpenEventSource } from "../api/event-stream.ts";

/** How the dashboard opens a stream of events. The browser's own EventSource unless a test brings another. */
export const EventSourceContext = createContext<OpenEventSource>((url) => new EventSource(url));

import { appendFileSync, writeFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/events_grpc_pb.js";
import protocol from "@pulumi/pulumi/proto/events_pb.js";
import type { EngineEvent, EventSink } from "./events.ts";
import { goJson } from "./json.ts";
import { channelOptions } from "./rpc.ts";

/** Where `--event-log` says: a file that gets one JSON line per event, or `tcp://host:port` of an event server. */
export function openEventLog(target: string): EventSink {
  return target.startsWith("tcp://") ? serverLog(target.slice("tcp://".length)) : fileLog(target);
}

function fileLog(path: string): EventSink {
  writeFileSync(path, "", { mode: 0o600 });
  return {
    emit: (event) => appendFileSync(path, `${goJson(event)}\n`),
    close: async () => {},
  };
}

/** The Automation API listens; it answers once it has taken the last event. */
function serverLog(address: string): EventSink {
  const client = new service.EventsClient(address, grpc.credentials.createInsecure(), channelOptions);
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // An error means the listener has gone; the update goes on without it.
  const stream = client.streamEvents(() => finish());
  stream.on("error", () => finish());
  return {
    emit: (event: EngineEvent) => {
      stream.write(new protocol.EventRequest().setEvent(goJson(event)));
    },
    close: async () => {
      stream.end();
      await finished;
      client.close();
    },
  };
}

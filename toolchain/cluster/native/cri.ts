import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import protobuf from "google-protobuf";

/** A running container. */
const containerRunning = 1;

/** What stopping the cluster asks of containerd, in the words of the Container Runtime Interface. */
export interface ContainerRuntime {
  /** Identifiers of all pods' sandboxes, living or dead. */
  listSandboxes(): Promise<string[]>;
  /** Identifiers of the running containers. */
  listRunningContainers(): Promise<string[]>;
  /** Ends a container with SIGTERM, and with SIGKILL after the grace period. */
  stopContainer(id: string, graceSeconds: number): Promise<void>;
  /** Ends what still runs in the sandbox, gives back its network and forgets it. */
  removeSandbox(id: string): Promise<void>;
  close(): void;
}

interface Item {
  readonly id: string;
  readonly state: number;
}

/** Field numbers of the few messages we use; the API is frozen as version 1. */
const method = (name: string) => ({
  path: `/runtime.v1.RuntimeService/${name}`,
  requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  responseDeserialize: (bytes: Buffer) => new Uint8Array(bytes),
});

/** Reads a list of messages in field 1, each with its identifier in field 1 and its state in field `stateField`. */
export function decodeItems(bytes: Uint8Array, stateField: number): Item[] {
  const items: Item[] = [];
  const reader = new protobuf.BinaryReader(bytes);
  while (reader.nextField()) {
    if (reader.getFieldNumber() !== 1) {
      reader.skipField();
      continue;
    }
    const item = new protobuf.BinaryReader(reader.readBytes());
    let id = "";
    let state = 0;
    while (item.nextField()) {
      if (item.getFieldNumber() === 1) id = item.readString();
      else if (item.getFieldNumber() === stateField) state = item.readEnum();
      else item.skipField();
    }
    items.push({ id, state });
  }
  return items;
}

/** A message with a string in field 1 and, where given, a number in field 2. */
export function encodeRequest(id?: string, number?: number): Uint8Array {
  const writer = new protobuf.BinaryWriter();
  if (id !== undefined) writer.writeString(1, id);
  if (number !== undefined) writer.writeInt64(2, number);
  return writer.getResultBuffer();
}

/** Connects to containerd. */
export function connectRuntime(socket: string): ContainerRuntime {
  const Client = makeGenericClientConstructor({}, "runtime.v1.RuntimeService");
  const client = new Client(`unix://${socket}`, credentials.createInsecure());

  const call = (name: string, request: Uint8Array, seconds: number) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method(name);
      const options = { deadline: Date.now() + seconds * 1000 };
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, (error, answer) => {
        if (error !== null) reject(error);
        else resolve(answer ?? new Uint8Array());
      });
    });

  return {
    async listSandboxes() {
      return decodeItems(await call("ListPodSandbox", encodeRequest(), 10), 3).map(({ id }) => id);
    },
    async listRunningContainers() {
      const items = decodeItems(await call("ListContainers", encodeRequest(), 10), 6);
      return items.filter(({ state }) => state === containerRunning).map(({ id }) => id);
    },
    async stopContainer(id, graceSeconds) {
      await call("StopContainer", encodeRequest(id, graceSeconds), graceSeconds + 10);
    },
    async removeSandbox(id) {
      await call("StopPodSandbox", encodeRequest(id), 30);
      await call("RemovePodSandbox", encodeRequest(id), 30);
    },
    close: () => client.close(),
  };
}

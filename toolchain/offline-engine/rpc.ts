import type { handleUnaryCall, Server, ServiceError } from "@grpc/grpc-js";
import grpc from "@grpc/grpc-js";

/** The SDK puts whole manifests in one message. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

export const channelOptions = {
  "grpc.max_receive_message_length": LARGEST_MESSAGE,
  "grpc.max_send_message_length": LARGEST_MESSAGE,
};

/** Thrown by a handler to end the program quietly: the engine has told the person already. */
export class Stopping extends Error {}

/** A unary method from an async function; what it throws becomes the status the SDK understands. */
export function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOf(error)),
    );
  };
}

function statusOf(error: unknown): Partial<ServiceError> {
  const details = error instanceof Error ? error.message : String(error);
  if (error instanceof Stopping) return { code: grpc.status.UNAVAILABLE, details: "resource monitor shut down" };
  return { code: grpc.status.UNKNOWN, details };
}

export async function listenOnLoopback(server: Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return `127.0.0.1:${port}`;
}

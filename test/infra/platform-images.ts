/** Images that a run of the platform's program needs to be told, whatever else is tested. */
export const platformImages = {
  apiImage: "localhost/storefleet/api:0123456789ab",
  workerImage: "localhost/storefleet/worker:0123456789ab",
  databaseImage: "localhost/storefleet/postgres:0123456789ab",
};

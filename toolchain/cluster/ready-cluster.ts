/** A cluster that is up, and what the store program must know about it. */
export interface Cluster {
  /** `context`: somebody else's, named by the user. `k3d`, `native`: made by us on this machine. */
  readonly kind: "context" | "k3d" | "native";
  /** Path of a kubeconfig that opens it. */
  readonly kubeconfig: string;
  /** Context inside that kubeconfig. */
  readonly context: string;
  /** How to reach ingresses from this machine; absent where we do not know (`context`). */
  readonly ingress?: {
    readonly className: string;
    /** Namespace of the ingress controller, from which stores must admit traffic. */
    readonly namespace: string;
    readonly address: "127.0.0.1";
    readonly port: number;
  };
  /** Name of the default StorageClass; empty when there is none. */
  readonly storageClass: string;
  /** Name of a StorageClass whose volumes several nodes can mount at once; empty when none is known. */
  readonly sharedStorageClass: string;
  /** Whether NetworkPolicies are known to bite. `false` also where we cannot tell (`context`). */
  readonly enforcesNetworkPolicy: boolean;
  /** Whether the nodes hold the image. Always `true` for `context`, whose nodes pull by themselves. */
  hasImage(reference: string): Promise<boolean>;
  /** Loads a docker-archive or OCI archive that holds the image `reference`. */
  loadImage(archive: string, reference: string): Promise<void>;
}

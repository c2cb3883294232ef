/** What somebody who has nothing but the folder needs to know. */
export function exportReadme({ name, context, at }: { name: string; context: string; at: Date }): string {
  return `# The store ${name}

Everything that Storefleet knows of this store, as it was at ${at.toISOString()}: a Pulumi program with its Helm chart, the
stack's configuration, and its state. It runs without Storefleet.

You need the Pulumi CLI, Node.js 24, access to the cluster, and the passphrase with which the state was encrypted (the
operator of Storefleet keeps it beside the state; \`PULUMI_CONFIG_PASSPHRASE\` instead of the file is fine, too).

\`\`\`sh
npm install
export PULUMI_BACKEND_URL="file://$PWD/state"
export PULUMI_CONFIG_PASSPHRASE_FILE=/path/to/passphrase
export KUBECONFIG=/path/to/kubeconfig        # with the context ${context}
export STOREFLEET_KUBE_CONTEXT=${context}
pulumi preview --stack ${name} --expect-no-changes
pulumi up --stack ${name}
pulumi stack output credentials --stack ${name} --show-secrets
\`\`\`

Secrets are encrypted in \`state/\`, and nowhere else. The images are built from \`images/\`; the cluster has them already.
The store's data is in its volumes, not in this folder.

From the moment you run \`pulumi up\` here, delete the store in Storefleet no more: both work on the same objects, and the two
states do not know of each other.
`;
}

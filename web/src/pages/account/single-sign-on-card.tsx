import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { connectMutation, disconnectMutation } from "../../api/account.ts";
import { Card } from "../../components/card.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function SingleSignOnCard({ title, isConnected }: { title: string; isConnected: boolean }) {
  const connect = useMutation(connectMutation());
  const disconnect = useMutation(disconnectMutation(useQueryClient()));
  return (
    <Card title={title} note={isConnected ? "You can sign in by it." : "Connect it, and you can sign in by it."}>
      {isConnected ? (
        <Button variant="default" loading={disconnect.isPending} onClick={() => disconnect.mutate()}>
          Disconnect
        </Button>
      ) : (
        <Button loading={connect.isPending} onClick={() => connect.mutate()}>
          Connect
        </Button>
      )}
      <Trouble error={connect.error ?? disconnect.error} />
    </Card>
  );
}

import { ActionIcon, Menu } from "@mantine/core";
import { IconBook2, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { signOutMutation } from "../api/session.ts";

export function AccountMenu({ user }: { user: string | undefined }) {
  const signOut = useMutation(signOutMutation(useQueryClient()));
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={38} aria-label="Account">
          <IconUserCircle size={21} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user !== undefined && <Menu.Label>Signed in as {user}</Menu.Label>}
        <Menu.Item component="a" href="/docs" leftSection={<IconBook2 size={17} stroke={1.8} aria-hidden />}>
          API reference
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={17} stroke={1.8} aria-hidden />}
          closeMenuOnClick={false}
          onClick={() => signOut.mutate()}
        >
          {signOut.isPending ? "Signing out…" : signOut.isError ? "Sign out (try again)" : "Sign out"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

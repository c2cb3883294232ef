import { ActionIcon, Menu } from "@mantine/core";
import {
  IconAdjustments,
  IconBook2,
  IconChartHistogram,
  IconKey,
  IconListSearch,
  IconLogout,
  IconServer2,
  IconUserCircle,
  IconUserCog,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Session } from "../../../automation-api/contract/platform.ts";
import { signOutMutation } from "../api/session.ts";

/** The pages about people that somebody may open. */
function places(session: Session | undefined) {
  const manages = session?.organizations.some(({ role }) => role === "admin" || role === "owner") ?? false;
  const administers = session?.user.administrator ?? false;
  return [
    { to: "/account", title: "Your account", icon: IconUserCog },
    { to: "/people", title: "People", icon: IconUsers },
    { to: "/keys", title: "API keys", icon: IconKey },
    ...(manages || administers ? [{ to: "/webhooks", title: "Webhooks", icon: IconWebhook }] : []),
    ...(manages || administers ? [{ to: "/audit", title: "Audit log", icon: IconListSearch }] : []),
    ...(administers ? [{ to: "/clusters", title: "Clusters", icon: IconServer2 }] : []),
    ...(administers ? [{ to: "/measures", title: "Measures", icon: IconChartHistogram }] : []),
    ...(administers ? [{ to: "/settings", title: "Settings", icon: IconAdjustments }] : []),
  ];
}

export function AccountMenu({ session }: { session: Session | undefined }) {
  const user = session?.user.name;
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
        {places(session).map(({ to, title, icon: Picture }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Picture size={17} stroke={1.8} aria-hidden />}>
            {title}
          </Menu.Item>
        ))}
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

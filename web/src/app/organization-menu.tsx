import { Button, Menu } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "../../../automation-api/contract/platform.ts";
import { chooseOrganization, chosenOrganization } from "../api/organization-choice.ts";

/** Chooses whose stores are shown; not there for somebody who belongs to one organization. */
export function OrganizationMenu({ organizations }: Pick<Session, "organizations">) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState(chosenOrganization);
  const known = organizations.some(({ name }) => name === chosen) ? chosen : undefined;
  if (organizations.length < 2) return null;
  const choose = (name: string | undefined) => {
    chooseOrganization(name);
    setChosen(name);
    // Everything but who is signed in may be different now.
    void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconBuilding size={17} stroke={1.8} aria-hidden />}
          aria-label={`Organization: ${known ?? "all"}`}
        >
          {known ?? "All"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={known ?? ""}>
          {[undefined, ...organizations.map(({ name }) => name)].map((name) => (
            <Menu.RadioItem key={name ?? ""} value={name ?? ""} closeMenuOnClick onChange={() => choose(name)}>
              {name ?? "All organizations"}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

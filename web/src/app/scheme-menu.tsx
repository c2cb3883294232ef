import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { type Icon, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

const schemes: Readonly<Record<MantineColorScheme, { title: string; icon: Icon }>> = {
  auto: { title: "As the system", icon: IconDeviceDesktop },
  light: { title: "Light", icon: IconSun },
  dark: { title: "Dark", icon: IconMoon },
};
const order: readonly MantineColorScheme[] = ["auto", "light", "dark"];

/** The choice is remembered by this browser. */
export function SchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = schemes[colorScheme].icon;
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={38} aria-label="Colours">
          <Current size={19} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={colorScheme}>
          {order.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick onChange={() => setColorScheme(scheme)}>
              {schemes[scheme].title}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

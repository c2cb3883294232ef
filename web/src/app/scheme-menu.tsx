import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { type Icon, IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

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
        {order.map((scheme) => {
          const { title, icon: Picture } = schemes[scheme];
          return (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={scheme === colorScheme}
              leftSection={<Picture size={17} stroke={1.8} aria-hidden />}
              rightSection={scheme === colorScheme ? <IconCheck size={16} aria-hidden /> : null}
              onClick={() => setColorScheme(scheme)}
            >
              {title}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Who is logged in, and the way out; nothing where nobody has to log in. */

import { Menu, UnstyledButton } from "@mantine/core";
import { useLocation } from "wouter";
import { useEnter, useMe } from "@/api/login-queries.ts";
import { DownIcon } from "@/ui/icons.tsx";
import classes from "./who-menu.module.css";

export function WhoMenu() {
  const me = useMe().data;
  const leave = useEnter();
  const [, go] = useLocation();
  if (!me?.name) return null;
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.who} aria-label={`${me.name} ${me.role ?? ""}, who is logged in`}>
          <span className={classes.name}>{me.name}</span>
          <span className={classes.role}>{me.role}</span>
          <DownIcon size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => go("/settings")}>Settings</Menu.Item>
        <Menu.Item onClick={() => leave.mutate(null)}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

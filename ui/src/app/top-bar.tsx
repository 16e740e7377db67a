/** Whose data, which map and version, how fresh, and the theme. */

import { ActionIcon, Menu, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { useAddress } from "@/api/address.ts";
import type { MapName, Workspace } from "@/api/types.ts";
import { WhoMenu } from "@/app/who-menu.tsx";
import { ago, count, day, duration, moment } from "@/lib/format.ts";
import { leftOut, leftOutWords } from "@/ui/left-out.tsx";
import { AutoIcon, DownIcon, HelpIcon, MoonIcon, SearchIcon, SunIcon } from "@/ui/icons.tsx";
import classes from "./top-bar.module.css";

interface TopBarProps {
  readonly workspace: Workspace | undefined;
  /** When the workspace was last asked, in milliseconds. */
  readonly now: number;
  readonly onKeys: () => void;
}

export function TopBar({ workspace, now, onKeys }: TopBarProps) {
  const keys = useOs() === "macos" ? "⌘ K" : "Ctrl K";
  return (
    <header className={classes.bar}>
      <div className={classes.where}>
        {workspace && <span className={classes.workspace}>{workspace.name}</span>}
        {workspace && workspace.maps.length > 0 && <MapMenu workspace={workspace} />}
      </div>
      <div className={classes.right}>
        {workspace && <Freshness workspace={workspace} now={now} />}
        <UnstyledButton className={classes.search} onClick={() => spotlight.open()} aria-label={`Find a page, step or person, ${keys}`}>
          <SearchIcon size={15} />
          <span className={classes.hint}>{keys}</span>
        </UnstyledButton>
        <ActionIcon variant="subtle" color="gray" aria-label="Keys" onClick={onKeys} className={classes.keys ?? ""}>
          <HelpIcon />
        </ActionIcon>
        <ThemeMenu />
        <WhoMenu />
      </div>
    </header>
  );
}

function version(map: MapName, timezone: string): string {
  return `v${map.revision} · ${day(map.created, timezone)}`;
}

function MapMenu({ workspace }: { readonly workspace: Workspace }) {
  const { selection, select } = useAddress();
  const { maps, timezone } = workspace;
  const now = maps.find((map) => map.name === selection.map) ?? maps[0];
  if (!now) return null;
  const words = (
    <>
      <span className={classes.slash}>/</span>
      <span className={classes.map}>{now.name}</span>
      <span className={classes.version}>{version(now, timezone)}</span>
    </>
  );
  if (maps.length === 1) return <span className={classes.one}>{words}</span>;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.one} aria-label={`Map ${now.name}, choose another`}>
          {words}
          <DownIcon size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {maps.map((map) => (
          <Menu.Item key={map.name} onClick={() => select({ map: map.name, persona: null })}>
            {map.name} <span className={classes.version}>{version(map, timezone)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Freshness({ workspace, now }: { readonly workspace: Workspace; readonly now: number }) {
  if (!workspace.to) return <span className={classes.fresh}>no data yet</span>;
  const left = leftOut(workspace.excluded);
  const out = left > 0 ? `. Left out of every number: ${leftOutWords(workspace.excluded) ?? ""}` : "";
  const kept = workspace.kept?.since.events;
  const from = kept ? `. Older than ${day(kept, workspace.timezone)} is not kept` : "";
  const held = `${count(workspace.events)} events of ${count(workspace.entities)} people${workspace.as_of ? `, as of event ${count(workspace.as_of.seq)}` : ""}${out}${from}`;
  return (
    <Tooltip label={`${held}. ${counting(workspace)}`} multiline maw={320}>
      <span className={classes.fresh} tabIndex={0} role="note">
        data until {moment(workspace.to, workspace.timezone)}
        <span className={classes.ago}>, {ago(workspace.to, now)}</span>
        <span className={classes.ago}> · {behind(workspace)}</span>
        {left > 0 && <span data-part="left-out"> · {count(left)} left out</span>}
      </span>
    </Tooltip>
  );
}

function counting({ counted, timezone }: Workspace): string {
  return counted === null ? "What came in later waits for the next rebuild" : `Whatever was handed in until ${moment(counted, timezone)} is counted`;
}

/** How far the answers are behind what was handed in. */
function behind({ behind_seconds: seconds, waiting }: Workspace): string {
  if (seconds === null) return `${count(waiting)} waiting`;
  return seconds <= UP_TO_DATE_S ? "up to date" : `${duration(seconds)} behind`;
}

const UP_TO_DATE_S = 5;

const THEMES = [
  { value: "light", label: "Light", icon: SunIcon },
  { value: "dark", label: "Dark", icon: MoonIcon },
  { value: "auto", label: "As the system", icon: AutoIcon },
] as const;

function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Now = THEMES.find(({ value }) => value === colorScheme)?.icon ?? AutoIcon;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Theme">
          <Now />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={15} />} aria-current={colorScheme === value} onClick={() => setColorScheme(value)}>
            {label}
            {colorScheme === value ? " ✓" : ""}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What every picture offers: its table, CSV, PNG, SVG and the link to this view. */

import { ActionIcon, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { DotsIcon } from "@/ui/icons.tsx";
import { fileName, savePng, saveText } from "@/ui/save.ts";

export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

interface ExportMenuProps {
  readonly name: string;
  readonly words: readonly string[];
  readonly csv: readonly { readonly name: string; readonly text: () => string }[];
  readonly drawing: (() => Drawing | Promise<Drawing>) | null;
  readonly table?: { readonly on: boolean; readonly toggle: () => void };
}

export function ExportMenu({ name, words, csv, drawing, table }: ExportMenuProps) {
  const clipboard = useClipboard({ timeout: 2000 });
  const draw = async (take: (made: Drawing) => void) => {
    if (drawing) take(await drawing());
  };
  return (
    <Menu position="bottom-end" withinPortal closeOnItemClick>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`${name}: table, files and link`}>
          <DotsIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {table && <Menu.Item onClick={table.toggle}>{table.on ? "View as picture" : "View as table"}</Menu.Item>}
        {csv.map((one) => (
          <Menu.Item key={one.name} onClick={() => saveText(fileName([...words, one.name], "csv"), one.text(), "text/csv")}>
            CSV{csv.length > 1 ? `: ${one.name}` : ""}
          </Menu.Item>
        ))}
        {drawing && (
          <>
            <Menu.Item onClick={() => void draw((made) => void savePng(fileName(words, "png"), made.svg, made))}>PNG</Menu.Item>
            <Menu.Item onClick={() => void draw((made) => saveText(fileName(words, "svg"), made.svg, "image/svg+xml"))}>SVG</Menu.Item>
          </>
        )}
        <Menu.Item closeMenuOnClick={false} onClick={() => clipboard.copy(window.location.href)}>
          {clipboard.copied ? "Link copied" : "Copy link"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

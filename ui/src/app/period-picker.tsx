/** The period: a few usual ones, or any two days. */

import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAddress } from "@/api/address.ts";
import { usePicture } from "@/api/queries.ts";
import type { Workspace } from "@/api/types.ts";
import { span } from "@/lib/format.ts";
import { daysBefore } from "@/lib/days.ts";
import { DownIcon } from "@/ui/icons.tsx";

const USUAL = [
  { label: "Last 4 weeks", days: 28 },
  { label: "Last 13 weeks", days: 91 },
  { label: "Last 26 weeks", days: 182 },
] as const;

export function PeriodPicker({ workspace, priced = true }: { readonly workspace: Workspace; readonly priced?: boolean }) {
  const { selection, select } = useAddress();
  const picture = usePicture(selection);
  const [open, setOpen] = useState(false);
  const shown = priced ? picture.data?.price : undefined;
  const from = selection.from ?? shown?.from ?? workspace.from;
  const to = selection.to ?? shown?.to ?? workspace.to;
  const choose = (first: string | null, last: string | null) => {
    select({ from: first, to: last });
    setOpen(false);
  };
  const text = from && to ? span(from, to, workspace.timezone) : "All time";
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={270} trapFocus shadow="md">
      <Popover.Target>
        <Button size="compact-sm" variant="default" rightSection={<DownIcon size={13} />} onClick={() => setOpen(!open)} aria-label={`Period ${text}`}>
          {text}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          <Button size="compact-sm" variant="subtle" color="gray" justify="start" onClick={() => choose(null, null)}>
            All that is known
          </Button>
          {workspace.to &&
            USUAL.map(({ label, days }) => (
              <Button key={label} size="compact-sm" variant="subtle" color="gray" justify="start" onClick={() => choose(daysBefore(workspace.to ?? "", days - 1), daysBefore(workspace.to ?? "", -1))}>
                {label}
              </Button>
            ))}
          <AnyDays first={from} last={to} onChoose={choose} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface AnyDaysProps {
  readonly first: string | null;
  readonly last: string | null;
  readonly onChoose: (first: string, last: string) => void;
}

function AnyDays({ first, last, onChoose }: AnyDaysProps) {
  const [from, setFrom] = useState(first?.slice(0, 10) ?? "");
  const [to, setTo] = useState(last ? daysBefore(last, 1) : "");
  const wrong = from !== "" && to !== "" && from > to;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (from && to && !wrong) onChoose(from, daysBefore(to, -1));
      }}
    >
      <Group gap={8} grow align="start">
        <TextInput size="xs" type="date" label="From" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput size="xs" type="date" label="To" value={to} error={wrong && "Ends before it begins"} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
      <Button type="submit" size="xs" mt={8} fullWidth disabled={!from || !to || wrong}>
        Show this period
      </Button>
    </form>
  );
}

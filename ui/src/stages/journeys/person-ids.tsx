/** Under which ids a person is known, by which links, and taking one of those back. */

import { Button } from "@mantine/core";
import { useDataChange } from "@/api/collect-queries.ts";
import { useMay } from "@/api/login-queries.ts";
import type { IdLink, LinkDone, SubjectHead } from "@/api/types.ts";
import { count, day, percent } from "@/lib/format.ts";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./person-ids.module.css";

interface PersonIdsProps {
  readonly ids: SubjectHead["ids"];
  readonly timezone: string;
}

export function PersonIds({ ids, timezone }: PersonIdsProps) {
  const change = useDataChange<LinkDone>();
  const may = useMay("editor");
  return (
    <details className={classes.ids}>
      <summary>Known under {count(ids.length)} ids</summary>
      <ul>
        {ids.map((row) => (
          <li key={row.id}>
            <b>{row.id}</b>
            {row.links.map((link) => (
              <p key={`${link.other} ${link.rule} ${link.source}`} className={classes.link}>
                is {link.other}: {said(link, timezone)}{" "}
                {may && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={change.isPending}
                    aria-label={`Take back that ${link.one} is ${link.other}`}
                    onClick={() => change.mutate({ method: "POST", path: "/links/undo", body: { one: link.one, other: link.other } })}
                  >
                    Take back
                  </Button>
                )}
              </p>
            ))}
          </li>
        ))}
      </ul>
      {change.isError && <Refusal error={change.error} />}
    </details>
  );
}

/** How a link came about: its rule, how sure it is where that is not certain, who said it, and when. */
export function said(link: IdLink, timezone: string): string {
  const sure = link.sure < 1 ? `, ${percent(link.sure)} sure` : "";
  const by = link.said_by ?? link.source;
  return `${link.rule}${sure}${by ? `, said by ${by}` : ""} on ${day(link.time, timezone)}`;
}

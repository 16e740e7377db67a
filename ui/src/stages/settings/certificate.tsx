/** What is said of an erasure: where, when, what was searched, what remains. */

import type { Erasure } from "@/api/types.ts";
import { count, day, moment } from "@/lib/format.ts";
import classes from "./parts.module.css";
import { DataTable } from "@/ui/data-table.tsx";

export function Certificate({ of, timezone }: { readonly of: Erasure; readonly timezone: string }) {
  return (
    <>
      <p className={classes.said}>
        Asked {moment(of.asked_at, timezone)}
        {of.asked_by && ` by ${of.asked_by}`}: {of.because}. {of.ids === 1 ? "One id" : `${count(of.ids)} ids`}. {of.done_at ? `Done ${moment(of.done_at, timezone)}.` : "Files still hold this person, unseen."}
      </p>
      <DataTable
        caption="Where"
        rows={of.places}
        keyOf={(row) => `${row.place} ${row.what}`}
        columns={[
          { name: "Place", show: (row) => row.place },
          { name: "Rows", right: true, show: (row) => count(row.rows) },
          { name: "What became of it", show: (row) => row.what },
        ]}
      />
      {of.searched && (
        <p className={classes.said}>
          {count(of.searched.files)} files and {count(of.searched.tables)} tables were read again from the first byte to the last:{" "}
          <b>{of.searched.hits.length === 0 ? "found nowhere" : `${count(of.searched.hits.length)} places speak of this person`}</b>.
        </p>
      )}
      {of.remains.length > 0 && (
        <DataTable
          caption="What remains"
          rows={of.remains}
          keyOf={(row) => row.place}
          columns={[
            { name: "Place", show: (row) => row.place },
            { name: "Until", show: (row) => (row.until ? day(row.until, timezone) : "no end set") },
            { name: "Why", show: (row) => row.why },
          ]}
        />
      )}
      <p className={classes.said}>
        Digest of the person: <code className={classes.secret}>{of.person}</code>
      </p>
    </>
  );
}

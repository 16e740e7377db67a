/** The states of an opportunity in the order in which they stand on the page. */

export const STATES = [
  { state: "now", name: "Now", says: "What is being done." },
  { state: "next", name: "Next", says: "What comes after it." },
  { state: "waiting", name: "Waiting", says: "What waits for something or somebody." },
  { state: "done", name: "Done", says: "What was done." },
  { state: "stopped", name: "Stopped", says: "What nobody does any more." },
] as const;

/** Experiments: what pages ask and hand in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAnew } from "@/api/ask-anew.ts";
import { get, send } from "@/api/client.ts";
import type { ExperimentLine, ExperimentSaid, ExperimentView } from "@/api/types.ts";

const NOTHING = new URLSearchParams();
const LIST = ["experiments"];

function address(id: string): string {
  return `/api/learn/experiment/${encodeURIComponent(id)}`;
}

export function useExperiments() {
  return useQuery({ queryKey: LIST, queryFn: ({ signal }) => get<readonly ExperimentLine[]>("/api/learn/experiments", NOTHING, signal) });
}

/** One experiment; nothing is asked without an id. */
export function useExperiment(id: string | null) {
  return useQuery({ queryKey: ["experiment", id], queryFn: ({ signal }) => get<ExperimentView>(address(id ?? ""), NOTHING, signal), enabled: id !== null });
}

export function useProgramsToTest() {
  return useQuery({ queryKey: ["programs-to-test"], queryFn: ({ signal }) => get<readonly string[]>("/api/learn/programs", NOTHING, signal) });
}

export type ExperimentStep = { readonly do: "lock" } | { readonly do: "begin" } | { readonly do: "end"; readonly why: string };

/** Lock, begin or end an experiment. */
export function useExperimentStep(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (step: ExperimentStep) => send<ExperimentView>("POST", `${address(id)}/${step.do}`, step.do === "end" ? { why: step.why } : {}),
    onSuccess: (view) => {
      client.setQueryData(["experiment", id], view);
      void askAnew(client, { queryKey: LIST });
    },
  });
}

/** Write an experiment down. */
export function useWriteExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (said: ExperimentSaid) => send<ExperimentView>("PUT", "/api/learn/experiment", said),
    onSuccess: (view) => {
      client.setQueryData(["experiment", view.experiment.id], view);
      void askAnew(client, { queryKey: LIST });
    },
  });
}

/** Forget a draft. */
export function useDropExperiment(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send<readonly ExperimentLine[]>("DELETE", address(id)),
    onSuccess: (left) => client.setQueryData(LIST, left),
  });
}

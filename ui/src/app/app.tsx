/** Providers, and which page stands at which address. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Redirect, Route, Switch } from "wouter";
import { ApiError } from "@/api/client.ts";
import { MapPage } from "@/app/map-page.tsx";
import { NotFound } from "@/app/not-found.tsx";
import { Shell } from "@/app/shell.tsx";
import { cssVariables, theme } from "@/app/theme.ts";
import { ValuePage } from "@/app/value-page.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (times, error) => times < 1 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Shell>
          <Switch>
            <Route path="/">
              <Redirect to={`/map${window.location.search}`} replace />
            </Route>
            <Route path="/map" component={MapPage} />
            <Route path="/value" component={ValuePage} />
            <Route component={NotFound} />
          </Switch>
        </Shell>
      </QueryClientProvider>
    </MantineProvider>
  );
}

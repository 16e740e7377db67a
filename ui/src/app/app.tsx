/** Providers, and which page stands at which address. */

import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Redirect, Route, Switch } from "wouter";
import { askAnew, keyed } from "@/api/ask-anew.ts";
import { ApiError } from "@/api/client.ts";
import { ClusterNote } from "@/app/cluster-note.tsx";
import { DataPage } from "@/app/data-page.tsx";
import { ExplorePage } from "@/app/explore-page.tsx";
import { ActPage } from "@/app/act-page.tsx";
import { MapPage } from "@/app/map-page.tsx";
import { LearnPage } from "@/app/learn-page.tsx";
import { LoginGate } from "@/app/login-page.tsx";
import { NotFound } from "@/app/not-found.tsx";
import { NumbersPage } from "@/app/numbers-page.tsx";
import { PeoplePage } from "@/app/people-page.tsx";
import { PlanPage } from "@/app/plan-page.tsx";
import { SettingsPage } from "@/app/settings-page.tsx";
import { Shell } from "@/app/shell.tsx";
import { cssVariables, theme } from "@/app/theme.ts";
import { TodayPage } from "@/app/today-page.tsx";
import { ValuePage } from "@/app/value-page.tsx";
import { SlowNote } from "@/ui/states.tsx";

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended meanwhile leads back to the form.
    onError: (error) => {
      if (error instanceof ApiError && error.code === "LOGIN_NEEDED") void askAnew(queries, keyed("me"));
    },
  }),
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
        <SlowNote.Provider value={<ClusterNote />}>
          <LoginGate>
            <Shell>
              <Switch>
                <Route path="/">
                  <Redirect to={`/map${window.location.search}`} replace />
                </Route>
                <Route path="/today" component={TodayPage} />
                <Route path="/map" component={MapPage} />
                <Route path="/plan" component={PlanPage} />
                <Route path="/act" component={ActPage} />
                <Route path="/learn" component={LearnPage} />
                <Route path="/explore" component={ExplorePage} />
                <Route path="/explore/numbers" component={NumbersPage} />
                <Route path="/explore/:question" component={ExplorePage} />
                <Route path="/value" component={ValuePage} />
                <Route path="/people" component={PeoplePage} />
                <Route path="/people/*" component={PeoplePage} />
                <Route path="/data" component={DataPage} />
                <Route path="/settings" component={SettingsPage} />
                <Route component={NotFound} />
              </Switch>
            </Shell>
          </LoginGate>
        </SlowNote.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

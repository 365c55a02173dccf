import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { App } from './app/App';
import { problemOf, whenSignedOut } from './lib/api/client';
import { sessionQuery } from './lib/api/session';
import { applyTheme } from './lib/preferences';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A look-up is recorded with the server: nothing is asked again only because the window got the focus.
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && problemOf(error).status === 0,
      staleTime: 15_000,
    },
  },
});

// The session ended meanwhile: ask who we are, since the refusal may be older than a sign-in. The sign-in page then shows
// at the same address.
whenSignedOut(() => {
  if (client.getQueryData(sessionQuery.queryKey))
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey }, { cancelRefetch: false });
});

applyTheme();
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={client}>
    {/* No transition: a key that follows at once must act on the alert that the one before went to. */}
    <BrowserRouter future={{ v7_startTransition: false, v7_relativeSplatPath: true }}>
      <App />
    </BrowserRouter>
  </QueryClientProvider>,
);

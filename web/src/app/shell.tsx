import { IconBuildingStore, IconLayoutDashboard, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import type { Session } from "../../../automation-api/contract/platform.ts";
import { sessionQuery } from "../api/session.ts";
import { Brand } from "../components/brand.tsx";
import { Failed, Loading } from "../components/faces.tsx";
import { ButtonLink } from "../components/links.tsx";
import { SignedOut } from "../components/signed-out.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { AwayBanner } from "./away-banner.tsx";
import { OrganizationMenu } from "./organization-menu.tsx";
import { SchemeMenu } from "./scheme-menu.tsx";
import styles from "./shell.module.css";
import { useRouteFocus } from "./use-route-focus.ts";

/** Frame of every page for somebody who is signed in, and what stands in its place for everybody else. */
export function Shell() {
  const session = useQuery(sessionQuery);
  useRouteFocus();
  if (session.data === null) return <SignedOut />;
  const known = session.data !== undefined;
  return (
    <>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <Header session={session.data} />
      <AwayBanner shown={known && session.isError} onRetry={() => session.refetch()} retrying={session.isFetching} />
      <main id="main" tabIndex={-1} className={styles.main}>
        {known && <Outlet />}
        {!known && session.isPending && <Loading what="the dashboard" lines={3} height={120} />}
        {!known && session.isError && (
          <Failed
            title="Storefleet is not there"
            error={session.error}
            onRetry={() => session.refetch()}
            retrying={session.isFetching}
          />
        )}
      </main>
      <nav className={styles.tabs} aria-label="Pages, at hand">
        <Pages />
        <Link to="/create" className={styles.link}>
          <IconPlus size={20} stroke={1.8} aria-hidden />
          Create
        </Link>
      </nav>
    </>
  );
}

function Header({ session }: { session: Session | undefined }) {
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <Link to="/" className={styles.home} aria-label="Storefleet, overview">
          <Brand />
        </Link>
        <nav className={styles.links} aria-label="Pages">
          <Pages />
        </nav>
        <div className={styles.end}>
          <span className={styles.create}>
            <ButtonLink to="/create" leftSection={<IconPlus size={17} stroke={2.2} aria-hidden />}>
              Create store
            </ButtonLink>
          </span>
          <OrganizationMenu organizations={session?.organizations ?? []} />
          <SchemeMenu />
          <AccountMenu session={session} />
        </div>
      </div>
    </header>
  );
}

function Pages() {
  return (
    <>
      <Link to="/" activeOptions={{ exact: true }} className={styles.link}>
        <IconLayoutDashboard size={19} stroke={1.8} aria-hidden />
        Overview
      </Link>
      <Link to="/stores" activeOptions={{ includeSearch: false }} className={styles.link}>
        <IconBuildingStore size={19} stroke={1.8} aria-hidden />
        Stores
      </Link>
    </>
  );
}

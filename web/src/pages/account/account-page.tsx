import { useQuery } from "@tanstack/react-query";
import { accountQuery } from "../../api/account.ts";
import { waysInQuery } from "../../api/sign-in.ts";
import { Answer } from "../../components/answer.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { PasskeysCard } from "./passkeys-card.tsx";
import { PasswordCard } from "./password-card.tsx";
import { PersonCard } from "./person-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { SingleSignOnCard } from "./single-sign-on-card.tsx";

/** Who somebody is, and how they sign in. */
export function AccountPage() {
  const query = useQuery(accountQuery);
  const { data: ways } = useQuery(waysInQuery);
  return (
    <>
      <PageHeader title="Your account" note="Who you are, how you sign in, and where you are signed in." />
      <div className={styles.stack}>
        <Answer query={query} what="your account">
          {(account) => (
            <>
              <PersonCard key={`${account.name} ${account.email}`} account={account} />
              <PasswordCard account={account} />
              <PasskeysCard passkeys={account.passkeys} />
              {ways?.singleSignOn !== undefined && (
                <SingleSignOnCard title={ways.singleSignOn.title} isConnected={account.singleSignOn} />
              )}
            </>
          )}
        </Answer>
        <SessionsCard />
      </div>
    </>
  );
}

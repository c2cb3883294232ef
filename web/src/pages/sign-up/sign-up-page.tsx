import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { isSignedOut } from "../../api/errors.ts";
import { signUpMutation, waysInQuery } from "../../api/sign-in.ts";
import styles from "../../components/centered.module.css";
import { Centered } from "../../components/centered.tsx";
import { EmailField, errorIn, NameField, PasswordField } from "../../components/text-fields.tsx";
import { Trouble } from "../../components/trouble.tsx";

/** For somebody new, where everybody may come. */
export function SignUpPage() {
  const { data: ways } = useQuery(waysInQuery);
  return (
    <Centered title="Sign up">
      {ways === undefined || ways.signUp === "open" ? (
        <SignUpForm />
      ) : (
        <p className={styles.text}>
          {ways.signUp === "invitation"
            ? "New people come by invitation here: ask somebody who is in for a link."
            : "No new people are let in here."}
        </p>
      )}
      <p className={styles.text}>
        Been here before? <Link to="/sign-in">Sign in</Link>
      </p>
    </Centered>
  );
}

function SignUpForm() {
  const signUp = useMutation(signUpMutation(useQueryClient()));
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        signUp.mutate({ name, email, password }, { onSuccess: () => navigate({ to: "/welcome", replace: true }) });
      }}
    >
      <NameField value={name} onChange={setName} error={errorIn(signUp.error, "name")} />
      <EmailField value={email} onChange={setEmail} error={errorIn(signUp.error, "email")} />
      <PasswordField isNew value={password} onChange={setPassword} error={errorIn(signUp.error, "password")} />
      <Button type="submit" loading={signUp.isPending}>
        Sign up
      </Button>
      {isSignedOut(signUp.error) ? (
        <p className={styles.bad} role="alert">
          This address cannot be signed up with that password. If it is yours, sign in.
        </p>
      ) : (
        <Trouble error={signUp.error} />
      )}
    </form>
  );
}

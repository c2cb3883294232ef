import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { isSignedOut } from "../../api/errors.ts";
import { signUpMutation, waysInQuery } from "../../api/sign-in.ts";
import styles from "../../components/centered.module.css";
import { Centered } from "../../components/centered.tsx";
import { PersonForm } from "../../components/person-form.tsx";

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
  const { mutate, isPending, error } = useMutation(signUpMutation(useQueryClient()));
  const navigate = useNavigate();
  const taken = isSignedOut(error) && (
    <p className={styles.bad} role="alert">
      This address cannot be signed up with that password. If it is yours, sign in.
    </p>
  );
  return (
    <PersonForm
      isNew
      submit="Sign up"
      pending={isPending}
      error={error}
      {...(taken && { trouble: taken })}
      onSubmit={(values) => mutate(values, { onSuccess: () => navigate({ to: "/welcome", replace: true }) })}
    />
  );
}

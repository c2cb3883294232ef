import { sentenceOf } from "../api/errors.ts";
import tones from "./tone.module.css";

/** Why something could not be done; nothing when it could. */
export function Trouble({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <p role="alert" className={tones.bad ?? ""}>
      {sentenceOf(error)}
    </p>
  );
}

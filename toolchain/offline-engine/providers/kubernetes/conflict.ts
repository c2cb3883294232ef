/** What to tell a person when another manager owns a field that the program sets. */
export function applyConflict(error: Error): string {
  return (
    `another field manager set a field of this object: ${error.message}. ` +
    'Remove the field from the program, give it up there, or take it over with the annotation "pulumi.com/patchForce": "true".'
  );
}

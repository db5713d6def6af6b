/** What we use of jstat, which brings no types of its own. */
declare module "jstat" {
  const jstat: { readonly jStat: { readonly studentt: { inv(p: number, df: number): number } } };
  export default jstat;
}

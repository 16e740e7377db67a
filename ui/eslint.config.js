// Boundaries and house rules as programs: lib, api -> map-core, charts, ui -> stages -> app.
import reactHooks from "eslint-plugin-react-hooks";
import path from "node:path";
import tseslint from "typescript-eslint";

const house = {
  rules: {
    "one-effect": {
      meta: { type: "problem", schema: [] },
      create(context) {
        let seen = 0;
        return {
          CallExpression(node) {
            if (node.callee.type !== "Identifier" || !/^use(Layout)?Effect$/.test(node.callee.name)) return;
            seen += 1;
            if (seen > 1) context.report({ node, message: "At most one effect in a file: effects are the exception." });
          },
        };
      },
    },
    "kebab-case-file": {
      meta: { type: "problem", schema: [] },
      create(context) {
        return {
          Program(node) {
            const name = path.basename(context.filename);
            if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(name))
              context.report({ node, message: `${name} is not kebab-case.` });
          },
        };
      },
    },
    "named-exports": {
      meta: { type: "problem", schema: [] },
      create(context) {
        return {
          ExportDefaultDeclaration(node) {
            context.report({ node, message: "Named exports only." });
          },
        };
      },
    },
  },
};

const only = (files, forbidden) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["../*", "./*/*"], message: "Across folders import through @/." },
          ...(forbidden.length ? [{ group: forbidden, message: "Imports go lib, api -> map-core, charts, ui -> stages -> app." }] : []),
        ],
      },
    ],
  },
});

const stages = ["atlas", "value", "journeys", "learn", "plan", "today"];
const others = (stage) => stages.filter((name) => name !== stage).map((name) => `@/stages/${name}/*`);

export default tseslint.config(
  { ignores: ["node_modules", "src/api/generated"] },
  ...tseslint.configs.strict,
  {
    plugins: { "react-hooks": reactHooks, house },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "house/one-effect": "error",
      "house/kebab-case-file": "error",
      "house/named-exports": "error",
      "max-lines": ["error", 250],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "as", objectLiteralTypeAssertions: "never" }],
    },
  },
  only(["src/lib/**"], ["@/api/*", "@/map-core/*", "@/charts/*", "@/ui/*", "@/stages/**", "@/app/*", "react", "@mantine/*"]),
  only(["src/api/**"], ["@/map-core/*", "@/charts/*", "@/ui/*", "@/stages/**", "@/app/*"]),
  only(["src/map-core/**"], ["@/api/*", "@/charts/*", "@/ui/*", "@/stages/**", "@/app/*", "react", "react-dom", "@mantine/*", "@xyflow/*"]),
  only(["src/charts/**"], ["@/map-core/*", "@/stages/**", "@/app/*"]),
  only(["src/ui/**"], ["@/api/*", "@/map-core/*", "@/charts/*", "@/stages/**", "@/app/*"]),
  ...stages.map((stage) => only([`src/stages/${stage}/**`], [...others(stage), "@/app/*"])),
  only(["src/app/**"], []),
  { files: ["*.ts", "*.js", "scripts/**"], rules: { "house/named-exports": "off" } },
  { files: ["src/**/*.test.ts"], rules: { "no-restricted-imports": "off" } },
);

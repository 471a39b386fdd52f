import { isTree, list, tree, type Tree } from '../read-tree.ts';
import { unsupported } from '../refused.ts';
import type { Statement } from '../statement.ts';
import { call } from './expressions.ts';
import { readExpr, readQuery, type Grammar } from './grammar.ts';
import { names, tableName } from './names.ts';

/**
 * Statements that define, grant, set or administer: all of them write, and of what is inside only tables, functions
 * and queries matter, which `mentioned` finds wherever they stand.
 */
const KINDS: Readonly<Record<string, string>> = {
  CreateStmt: 'CREATE',
  IndexStmt: 'CREATE',
  CreateSchemaStmt: 'CREATE',
  CreateSeqStmt: 'CREATE',
  CreateTrigStmt: 'CREATE',
  CreateFunctionStmt: 'CREATE',
  CreateExtensionStmt: 'CREATE',
  CreateRoleStmt: 'CREATE',
  CreateDomainStmt: 'CREATE',
  CreateEnumStmt: 'CREATE',
  CreateRangeStmt: 'CREATE',
  CompositeTypeStmt: 'CREATE',
  CreatePolicyStmt: 'CREATE',
  CreatedbStmt: 'CREATE',
  CreateTableSpaceStmt: 'CREATE',
  CreateStatsStmt: 'CREATE',
  CreateCastStmt: 'CREATE',
  CreateForeignTableStmt: 'CREATE',
  CreateForeignServerStmt: 'CREATE',
  CreateFdwStmt: 'CREATE',
  CreateUserMappingStmt: 'CREATE',
  CreatePublicationStmt: 'CREATE',
  CreateSubscriptionStmt: 'CREATE',
  CreateEventTrigStmt: 'CREATE',
  CreateAmStmt: 'CREATE',
  CreateOpClassStmt: 'CREATE',
  CreateOpFamilyStmt: 'CREATE',
  CreateConversionStmt: 'CREATE',
  CreatePLangStmt: 'CREATE',
  CreateTransformStmt: 'CREATE',
  RuleStmt: 'CREATE',
  DefineStmt: 'CREATE',
  AlterTableStmt: 'ALTER',
  RenameStmt: 'ALTER',
  AlterRoleStmt: 'ALTER',
  AlterRoleSetStmt: 'ALTER',
  AlterSeqStmt: 'ALTER',
  AlterDatabaseStmt: 'ALTER',
  AlterDatabaseSetStmt: 'ALTER',
  AlterDatabaseRefreshCollStmt: 'ALTER',
  AlterSystemStmt: 'ALTER',
  AlterEnumStmt: 'ALTER',
  AlterDomainStmt: 'ALTER',
  AlterFunctionStmt: 'ALTER',
  AlterOwnerStmt: 'ALTER',
  AlterObjectSchemaStmt: 'ALTER',
  AlterObjectDependsStmt: 'ALTER',
  AlterDefaultPrivilegesStmt: 'ALTER',
  AlterPolicyStmt: 'ALTER',
  AlterExtensionStmt: 'ALTER',
  AlterExtensionContentsStmt: 'ALTER',
  AlterFdwStmt: 'ALTER',
  AlterForeignServerStmt: 'ALTER',
  AlterUserMappingStmt: 'ALTER',
  AlterTableSpaceOptionsStmt: 'ALTER',
  AlterTableMoveAllStmt: 'ALTER',
  AlterOpFamilyStmt: 'ALTER',
  AlterOperatorStmt: 'ALTER',
  AlterTypeStmt: 'ALTER',
  AlterCollationStmt: 'ALTER',
  AlterPublicationStmt: 'ALTER',
  AlterSubscriptionStmt: 'ALTER',
  AlterEventTrigStmt: 'ALTER',
  AlterStatsStmt: 'ALTER',
  AlterTSDictionaryStmt: 'ALTER',
  AlterTSConfigurationStmt: 'ALTER',
  ReplicaIdentityStmt: 'ALTER',
  DropStmt: 'DROP',
  DropRoleStmt: 'DROP',
  DropdbStmt: 'DROP',
  DropOwnedStmt: 'DROP',
  DropTableSpaceStmt: 'DROP',
  DropUserMappingStmt: 'DROP',
  DropSubscriptionStmt: 'DROP',
  GrantStmt: 'GRANT',
  GrantRoleStmt: 'GRANT',
  ReassignOwnedStmt: 'REASSIGN',
  CommentStmt: 'COMMENT',
  SecLabelStmt: 'SECURITY LABEL',
  VariableSetStmt: 'SET',
  ConstraintsSetStmt: 'SET',
  LockStmt: 'LOCK',
  ListenStmt: 'LISTEN',
  UnlistenStmt: 'UNLISTEN',
  NotifyStmt: 'NOTIFY',
  VacuumStmt: 'VACUUM',
  ClusterStmt: 'CLUSTER',
  ReindexStmt: 'REINDEX',
  CheckPointStmt: 'CHECKPOINT',
  DiscardStmt: 'DISCARD',
  LoadStmt: 'LOAD',
  RefreshMatViewStmt: 'REFRESH',
  ImportForeignSchemaStmt: 'IMPORT',
  DeallocateStmt: 'DEALLOCATE',
  ClosePortalStmt: 'CLOSE',
};

export function definitionKind(type: string, of: Tree): string | null {
  const kind = KINDS[type] ?? null;
  if (type === 'VacuumStmt' && of['is_vacuumcmd'] !== true) return 'ANALYZE';
  if ((type === 'GrantStmt' || type === 'GrantRoleStmt') && of['is_grant'] !== true) return 'REVOKE';
  if (type === 'VariableSetStmt' && /RESET/.test(String(of['kind']))) return 'RESET';
  return kind;
}

/** Everything a definition names: each table in it counts as written, each query and function as run. */
export function mentioned(g: Grammar, of: Tree): Pick<Statement, 'targets' | 'exprs' | 'inner'> {
  const targets = dropped(of).map((name) => ({ name, alias: name }));
  const exprs: Statement['exprs'][number][] = [];
  const inner: Statement['inner'][number][] = [];
  const search = (value: unknown, depth: number): void => {
    if (depth > 500) throw unsupported('A statement nested this deeply');
    if (Array.isArray(value)) for (const item of value) search(item, depth + 1);
    if (!isTree(value)) return;
    for (const [key, content] of Object.entries(value)) {
      if (key === 'SelectStmt') inner.push(readQuery(g, value));
      else if (key === 'FuncCall') exprs.push(readExpr(g, value));
      else {
        if (isTree(content) && typeof content['relname'] === 'string') {
          const name = tableName(content);
          targets.push({ name, alias: name });
        }
        search(content, depth + 1);
      }
    }
  };
  search(of, 0);
  // What a trigger runs is named, not called.
  if (of['funcname'] !== undefined) exprs.push(call(names(of['funcname']), [], []));
  return { targets, exprs, inner };
}

/** DROP names its objects as lists of words, not as tables. */
function dropped(of: Tree): readonly string[] {
  return list(of['objects'], 'DROP').flatMap((object) => {
    const items = isTree(object) && isTree(object['List']) ? object['List']['items'] : null;
    return items === null ? [] : [names(tree({ items }, 'DROP')['items']).join('.')];
  });
}

export { type AuditEntry, type AuditFilter, AuditLog, type ShownAuditEntry } from './audit-log.js';
export { AuditModule } from './audit.module.js';
export { noteBySystem } from './note-by-system.js';

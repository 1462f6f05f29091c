export { DATABASE_FORM, type DatabaseForm, findDatabaseForm } from './database-form.js';

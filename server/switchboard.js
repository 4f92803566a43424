#!/usr/bin/env node
// The `switchboard` command. An old Node gets a line that says so here; it could not even read what comes after.
import './preflight.js';

void import('./bin.ts');

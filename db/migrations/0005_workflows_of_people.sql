CREATE TABLE "switchboard"."node_log" (
	"run_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"entry" jsonb NOT NULL,
	CONSTRAINT "node_log_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."workflow_versions" (
	"workflow_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "workflow_versions_workflow_id_version_pk" PRIMARY KEY("workflow_id","version")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "instructions" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "owner_id" text;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "guide_word" text;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "guide_questions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "created_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."workflows" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."node_log" ADD CONSTRAINT "node_log_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."workflow_versions" ADD CONSTRAINT "workflow_versions_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "switchboard"."workflows"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "workflows_by_owner" ON "switchboard"."workflows" USING btree ("owner_id","id");
--> statement-breakpoint
-- Ready workflows of a fresh database: a form with branches, an approval, and a loop.
INSERT INTO "switchboard"."workflows"
	("id", "name", "description", "published", "version", "guide_word", "guide_questions", "definition")
VALUES
	(
		'01930000-0000-7000-8000-000000000010',
		'Trip planner',
		'Asks where you want to go and for how long, and makes a plan.',
		true,
		1,
		'Where shall it go? Say it in a word or two; I ask for the rest.',
		'["A few days by the sea", "A week in the mountains"]',
		'{
			"nodes": [
				{
					"id": "start",
					"title": "Wish",
					"type": "start",
					"guideWord": "Where shall it go? Say it in a word or two; I ask for the rest.",
					"guideQuestions": ["A few days by the sea", "A week in the mountains"]
				},
				{
					"id": "details",
					"title": "Details",
					"type": "input",
					"mode": "form",
					"prompt": "Some details, and I plan it.",
					"fields": [
						{ "key": "place", "label": "Where to", "type": "text" },
						{ "key": "days", "label": "How many days", "type": "number" },
						{ "key": "pace", "label": "How", "type": "select", "options": ["Slowly", "As it comes", "See everything"] },
						{ "key": "children", "label": "With children", "type": "boolean", "required": false }
					]
				},
				{
					"id": "length",
					"title": "Long or short",
					"type": "condition",
					"cases": [{ "id": "long", "match": "all", "rules": [{ "left": "details.days", "operator": "greater", "right": 3 }] }]
				},
				{
					"id": "longer",
					"title": "Plan by places",
					"type": "llm",
					"model": null,
					"system": "You plan trips. Be concrete and brief, in the language of the wish.",
					"prompt": "Wish: {{start.message}}\n\nPlan {{details.days}} days in or around {{details.place}}. Pace: {{details.pace}}. With children: {{details.children}}. Name two or three places to stay, and what to do from each.",
					"stream": true
				},
				{
					"id": "shorter",
					"title": "Plan by days",
					"type": "llm",
					"model": null,
					"system": "You plan trips. Be concrete and brief, in the language of the wish.",
					"prompt": "Wish: {{start.message}}\n\nPlan {{details.days}} days in {{details.place}}, day by day. Pace: {{details.pace}}. With children: {{details.children}}.",
					"stream": true
				},
				{ "id": "goodbye", "title": "Goodbye", "type": "output", "text": "Have a good trip to {{details.place}}!" },
				{ "id": "end", "title": "End", "type": "end", "output": "{{details.place}}" }
			],
			"edges": [
				{ "from": "start", "to": "details" },
				{ "from": "details", "to": "length" },
				{ "from": "length", "to": "longer", "branch": "long" },
				{ "from": "length", "to": "shorter", "branch": "else" },
				{ "from": "longer", "to": "goodbye" },
				{ "from": "shorter", "to": "goodbye" },
				{ "from": "goodbye", "to": "end" }
			]
		}'
	),
	(
		'01930000-0000-7000-8000-000000000011',
		'Letter with approval',
		'Drafts a letter and asks you whether it may go out.',
		true,
		1,
		'What is the letter about, and who gets it?',
		'["Cancel my gym membership at the end of the month", "Thank the neighbours for watering the plants"]',
		'{
			"nodes": [
				{
					"id": "start",
					"title": "Matter",
					"type": "start",
					"guideWord": "What is the letter about, and who gets it?",
					"guideQuestions": ["Cancel my gym membership at the end of the month", "Thank the neighbours for watering the plants"]
				},
				{
					"id": "draft",
					"title": "Draft",
					"type": "llm",
					"model": null,
					"system": "You write letters: polite, clear and short, in the language of the matter. Answer with the letter alone.",
					"prompt": "{{start.message}}",
					"stream": true
				},
				{
					"id": "approval",
					"title": "Approval",
					"type": "output",
					"text": "Shall it go out like this?",
					"ask": {
						"kind": "choice",
						"options": [
							{ "id": "approve", "label": "Yes" },
							{ "id": "change", "label": "Change something" },
							{ "id": "discard", "label": "Throw it away" }
						]
					},
					"expiresAfterMinutes": 10080
				},
				{ "id": "wish", "title": "What to change", "type": "input", "mode": "dialog", "prompt": "What should be different?" },
				{
					"id": "second",
					"title": "Second draft",
					"type": "llm",
					"model": null,
					"system": "You improve letters. Answer with the whole letter alone, in its language.",
					"prompt": "The letter:\n\n{{draft.output}}\n\nWhat should be different: {{wish.text}}",
					"stream": true
				},
				{ "id": "approved", "title": "Approved", "type": "output", "text": "Approved. It can go out." },
				{ "id": "discarded", "title": "Thrown away", "type": "output", "text": "Nothing goes out." },
				{ "id": "end", "title": "End", "type": "end" }
			],
			"edges": [
				{ "from": "start", "to": "draft" },
				{ "from": "draft", "to": "approval" },
				{ "from": "approval", "to": "approved", "branch": "approve" },
				{ "from": "approval", "to": "wish", "branch": "change" },
				{ "from": "approval", "to": "discarded", "branch": "discard" },
				{ "from": "approval", "to": "discarded", "branch": "expired" },
				{ "from": "wish", "to": "second" },
				{ "from": "second", "to": "end" },
				{ "from": "approved", "to": "end" },
				{ "from": "discarded", "to": "end" }
			]
		}'
	),
	(
		'01930000-0000-7000-8000-000000000012',
		'One by one',
		'Takes a list, a thing on each line, and says something about each of them.',
		true,
		1,
		'Write a list, a thing on each line. I go through it one by one.',
		'["apples\npears\nplums"]',
		'{
			"nodes": [
				{
					"id": "start",
					"title": "List",
					"type": "start",
					"guideWord": "Write a list, a thing on each line. I go through it one by one.",
					"guideQuestions": ["apples\npears\nplums"],
					"variables": [{ "key": "question", "label": "What to say about each", "type": "text", "default": "What is worth knowing about it, in one sentence?" }]
				},
				{
					"id": "split",
					"title": "Lines",
					"type": "code",
					"code": "function main({ text }) {\n  const lines = text.split(\"\\n\").map((line) => line.trim()).filter((line) => line !== \"\");\n  return { lines: lines.slice(0, 20), count: Math.min(lines.length, 20) };\n}",
					"inputs": { "text": "{{start.message}}" },
					"outputs": [{ "key": "lines", "type": "list" }, { "key": "count", "type": "number" }]
				},
				{ "id": "each", "title": "Each line", "type": "loop", "over": "split.lines", "maxIterations": 20, "collect": "{{sentence.output}}" },
				{
					"id": "sentence",
					"title": "A sentence",
					"type": "llm",
					"model": null,
					"system": "Answer in one sentence, in the language of what it is about.",
					"prompt": "{{each.item}}: {{start.question}}",
					"stream": false
				},
				{ "id": "told", "title": "Told", "type": "output", "text": "**{{each.item}}**: {{sentence.output}}" },
				{ "id": "closing", "title": "Closing line", "type": "output", "text": "That were all {{split.count}}." },
				{ "id": "end", "title": "End", "type": "end", "output": "{{each.results}}" }
			],
			"edges": [
				{ "from": "start", "to": "split" },
				{ "from": "split", "to": "each" },
				{ "from": "each", "to": "sentence", "branch": "body" },
				{ "from": "sentence", "to": "told" },
				{ "from": "told", "to": "each" },
				{ "from": "each", "to": "closing", "branch": "done" },
				{ "from": "closing", "to": "end" }
			]
		}'
	)
ON CONFLICT DO NOTHING;

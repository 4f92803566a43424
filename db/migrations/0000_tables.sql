CREATE SCHEMA IF NOT EXISTS "switchboard";
--> statement-breakpoint
CREATE TABLE "switchboard"."assistants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"prompt" text NOT NULL,
	"model" text,
	"temperature" double precision,
	"guide_word" text,
	"guide_questions" jsonb NOT NULL,
	"published" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."chat_events" (
	"chat_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"run_id" uuid,
	"message_id" uuid,
	"data" jsonb,
	CONSTRAINT "chat_events_chat_id_seq_pk" PRIMARY KEY("chat_id","seq")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."chats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"title" text,
	"app_kind" text NOT NULL,
	"app_id" uuid NOT NULL,
	"active_run_id" uuid,
	"leaf_message_id" uuid,
	"seq" integer DEFAULT 0 NOT NULL,
	"debug" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"archived_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "switchboard"."messages" (
	"chat_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"run_id" uuid,
	"parent_id" uuid,
	"role" text NOT NULL,
	"status" text NOT NULL,
	"parts" jsonb NOT NULL,
	"usage" jsonb,
	"error" jsonb,
	"model" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_id_chat_id_pk" PRIMARY KEY("id","chat_id"),
	CONSTRAINT "messages_by_order" UNIQUE("chat_id","seq")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."run_slices" (
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"part" integer NOT NULL,
	"kind" text,
	"offset" integer,
	"text" text,
	"value" jsonb,
	CONSTRAINT "run_slices_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"owner_id" text NOT NULL,
	"app_kind" text NOT NULL,
	"app_id" uuid NOT NULL,
	"status" text NOT NULL,
	"user_message_id" uuid NOT NULL,
	"message_id" uuid,
	"text" text NOT NULL,
	"error" jsonb,
	"attempt" integer DEFAULT 0 NOT NULL,
	"position" integer NOT NULL,
	"send_seq" integer NOT NULL,
	"stop_requested_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "runs_by_message" UNIQUE("chat_id","user_message_id")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."workflows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"published" boolean NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "switchboard"."chat_events" ADD CONSTRAINT "chat_events_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."messages" ADD CONSTRAINT "messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."run_slices" ADD CONSTRAINT "run_slices_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD CONSTRAINT "runs_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chats_by_activity" ON "switchboard"."chats" USING btree ("owner_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_active" ON "switchboard"."runs" USING btree ("chat_id") WHERE status in ('running', 'waiting');--> statement-breakpoint
CREATE INDEX "runs_queued" ON "switchboard"."runs" USING btree ("chat_id","position") WHERE status = 'queued';
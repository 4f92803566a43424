-- The apps of a fresh database. Runs once, so that whatever is changed or removed later stays that way.
INSERT INTO "switchboard"."assistants"
	("id", "name", "description", "prompt", "model", "temperature", "guide_word", "guide_questions", "published")
VALUES
	(
		'01930000-0000-7000-8000-000000000001',
		'Assistant',
		'Answers questions and helps with everyday work.',
		'You are a helpful assistant. Answer in the language of the question. Be clear and brief, say so when you are not sure, and ask when a question can be understood in more than one way.',
		NULL,
		NULL,
		'Hello! What can I help you with?',
		'["What can you do?", "Explain how a rainbow comes about", "Plan a weekend in the mountains"]',
		true
	),
	(
		'01930000-0000-7000-8000-000000000002',
		'Editor',
		'Makes your text clearer and tells you what it changed.',
		'You are an experienced editor. Improve the text that you are given: correct mistakes, shorten what is long, and keep the meaning, the tone and the language. Return the improved text first, then a short list of what you changed and why. When you are given no text but a question about writing, answer it.',
		NULL,
		NULL,
		'Paste a text and I will make it clearer.',
		'["Shorten this to half of its length", "Make this sound friendlier", "Find the mistakes in this paragraph"]',
		true
	)
ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO "switchboard"."workflows"
	("id", "name", "description", "published", "version", "definition")
VALUES
	(
		'01930000-0000-7000-8000-000000000003',
		'Summarise',
		'Sums up what you paste in a few sentences.',
		true,
		1,
		'{
			"nodes": [
				{ "id": "start", "title": "Start", "type": "start" },
				{
					"id": "summary",
					"title": "Summary",
					"type": "llm",
					"model": null,
					"system": "You sum up texts. Say what matters in at most three sentences, in the language of the text, and add nothing of your own.",
					"prompt": "Sum up this text:\n\n{{start.message}}",
					"stream": true
				},
				{ "id": "closing", "title": "Closing line", "type": "output", "text": "That is the gist of it. Paste another text to have it summed up too." },
				{ "id": "end", "title": "End", "type": "end" }
			],
			"edges": [
				{ "from": "start", "to": "summary" },
				{ "from": "summary", "to": "closing" },
				{ "from": "closing", "to": "end" }
			]
		}'
	)
ON CONFLICT DO NOTHING;

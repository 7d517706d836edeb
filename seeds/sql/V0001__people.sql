-- Six people who keep a small power station running. Each signs in with the password "tailrace-demo".
insert into accounts (id, email, email_key, name, phone, password_hash, roles, created_at) values
    ('019b8d62-7a80-762a-9dc7-106b32185492', 'ada@example.org', 'ada@example.org', 'Ada Lindqvist', '+12025550101',
        '$argon2id$v=19$m=19456,t=2,p=1$0JzSEU/Iq27PLkl65KRw0Q$KJ5MLzW3JS55xhQC+emoEAvFKgpwjoMFa6bnEy4hPcA',
        '{}', '2026-01-05T09:00:00Z'),
    ('019b8d63-64e0-746a-aacd-ec8fc0316ced', 'bruno@example.org', 'bruno@example.org', 'Bruno Okafor', null,
        '$argon2id$v=19$m=19456,t=2,p=1$Sluv8cgamJM2CecdyE+qQQ$a7eKPIDh9vA8bmbLuo2fmNLAilaUDSRbMusZi9xzD/o',
        '{}', '2026-01-05T09:01:00Z'),
    ('019b8d64-4f40-72cc-9ed5-4af211f12068', 'chen@example.org', 'chen@example.org', 'Chen Wei', null,
        '$argon2id$v=19$m=19456,t=2,p=1$uwt60ATA7+lBDeZRSJyXWg$l9Ijy90b8YXBYI7LZxQ5Kj6j4YlpClkh1aq5u4WHgQo',
        '{}', '2026-01-05T09:02:00Z'),
    ('019b8d65-39a0-77a2-bf1b-989f00b6e67a', 'dalia@example.org', 'dalia@example.org', 'Dalia Haddad', '+12025550102',
        '$argon2id$v=19$m=19456,t=2,p=1$wUkNvWPsl4xju/mv4zSl1g$xb+d/rVPxbE0QeS3JCHwUSWEg3JvVUh9jgxXy6RQGYw',
        '{}', '2026-01-05T09:03:00Z'),
    ('019b8d66-2400-776a-b80d-679934eaae50', 'emre@example.org', 'emre@example.org', 'Emre Yıldız', null,
        '$argon2id$v=19$m=19456,t=2,p=1$t11pxByOfd8qzZXxwu7ABg$xRgEbh1qfdNDlqqQcU4XDca1DEjIG23m7sHcYqaGsJA',
        '{}', '2026-01-05T09:04:00Z'),
    ('019b8d67-0e60-72c7-9527-35501aa941a4', 'freya@example.org', 'freya@example.org', 'Freya Nováková', null,
        '$argon2id$v=19$m=19456,t=2,p=1$ejlwZIDvjMVK0pXtn65Ilg$nwXForaRQLZteXoOwxtHJjE9KmzLHQS3xtmPKPqq3BE',
        '{}', '2026-01-05T09:05:00Z');

-- What the rest of Tailrace knows of them: without these events they could sign in, and nobody would know them.
insert into outbox (event_id, topic, partition, record_key, type, source, subject, time, data) values
    ('019b8d62-7a80-77b5-ac3e-52b70ac3b6cb', 'tailrace.users', null, '019b8d62-7a80-762a-9dc7-106b32185492', 'user_registered', '/tailrace/seeds', '019b8d62-7a80-762a-9dc7-106b32185492', '2026-01-05T09:00:00Z',
        '{"id":"019b8d62-7a80-762a-9dc7-106b32185492","email":"ada@example.org","name":"Ada Lindqvist","phone":"+12025550101","created_at":"2026-01-05T09:00:00Z"}'),
    ('019b8d63-64e0-7376-ac7f-29b7884d1803', 'tailrace.users', null, '019b8d63-64e0-746a-aacd-ec8fc0316ced', 'user_registered', '/tailrace/seeds', '019b8d63-64e0-746a-aacd-ec8fc0316ced', '2026-01-05T09:01:00Z',
        '{"id":"019b8d63-64e0-746a-aacd-ec8fc0316ced","email":"bruno@example.org","name":"Bruno Okafor","phone":null,"created_at":"2026-01-05T09:01:00Z"}'),
    ('019b8d64-4f40-7638-b060-1829da1de808', 'tailrace.users', null, '019b8d64-4f40-72cc-9ed5-4af211f12068', 'user_registered', '/tailrace/seeds', '019b8d64-4f40-72cc-9ed5-4af211f12068', '2026-01-05T09:02:00Z',
        '{"id":"019b8d64-4f40-72cc-9ed5-4af211f12068","email":"chen@example.org","name":"Chen Wei","phone":null,"created_at":"2026-01-05T09:02:00Z"}'),
    ('019b8d65-39a0-716f-82c6-96f3901ba045', 'tailrace.users', null, '019b8d65-39a0-77a2-bf1b-989f00b6e67a', 'user_registered', '/tailrace/seeds', '019b8d65-39a0-77a2-bf1b-989f00b6e67a', '2026-01-05T09:03:00Z',
        '{"id":"019b8d65-39a0-77a2-bf1b-989f00b6e67a","email":"dalia@example.org","name":"Dalia Haddad","phone":"+12025550102","created_at":"2026-01-05T09:03:00Z"}'),
    ('019b8d66-2400-7733-991f-bc96af7c1750', 'tailrace.users', null, '019b8d66-2400-776a-b80d-679934eaae50', 'user_registered', '/tailrace/seeds', '019b8d66-2400-776a-b80d-679934eaae50', '2026-01-05T09:04:00Z',
        '{"id":"019b8d66-2400-776a-b80d-679934eaae50","email":"emre@example.org","name":"Emre Yıldız","phone":null,"created_at":"2026-01-05T09:04:00Z"}'),
    ('019b8d67-0e60-7525-ba9a-c36b31677ba0', 'tailrace.users', null, '019b8d67-0e60-72c7-9527-35501aa941a4', 'user_registered', '/tailrace/seeds', '019b8d67-0e60-72c7-9527-35501aa941a4', '2026-01-05T09:05:00Z',
        '{"id":"019b8d67-0e60-72c7-9527-35501aa941a4","email":"freya@example.org","name":"Freya Nováková","phone":null,"created_at":"2026-01-05T09:05:00Z"}');

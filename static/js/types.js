/**
 * The words of the hearing protocol (docs/hearing-protocol.md) as types. No logic.
 *
 * @typedef {'judge'|'bench_member'|'clerk'|'plaintiff'|'defendant'|'representative'|'witness'|'interpreter'|'mediator'|'observer'} Role
 * @typedef {'scheduled'|'lobby_open'|'countdown'|'in_session'|'recess'|'suspended'|'transcript_review'|'closed'|'adjourned'|'converted_offline'|'cancelled'} SessionState
 * @typedef {'off'|'on_record'|'sealed'|'off_record'} RecordMode
 * @typedef {'RECESS'|'SEALED_EVIDENCE'|'MEDIATION'|'FAULT'} GapReason
 * @typedef {'roll_call'|'rights_and_recusal'|'claim_and_defence'|'investigation'|'evidence'|'debate'|'final_statement'|'mediation'|'pronouncement'|'transcript_check'} Phase
 * @typedef {'invited'|'checking_in'|'testing'|'ready_in_lobby'|'in_room'|'called'|'in_court'|'reconnecting'|'disconnected'|'left'|'removed'} ParticipantState
 * @typedef {'open_lobby'|'start'|'recess'|'suspend'|'close'|'adjourn'|'cancel'|'change_phase'|'admit'|'remove'|'mute_others'|'override_recorder'|'enter_court_uncalled'|'see_everyone'|'speak'|'be_seen'|'listen_to_record'|'download_record'|'read_access_log'|'rule_gallery'|'arrange'|'mediate'|'write_notes'|'read_notes'|'raise_hand'|'speak_unasked'|'ask_recess'|'ask_to_present'|'answer_requests'|'run_check_in'|'confirm_seal'|'sign_record'|'submit_exhibits'|'read_exhibits'|'give_opinion'|'present'|'change_people'|'talk_to_one'} Permission
 *
 * @typedef {{id: string, role: Role, name: string, state: ParticipantState, microphone_on: boolean, camera_on: boolean, muted_by_court: boolean, sound_only: boolean}} Person
 * @typedef {{purpose: 'open'|'resume', began_at: string, ends_at: string, came_from: SessionState}} Countdown
 * @typedef {{reason: GapReason, began_at: string, ended_at: string|null, note: string}} Gap
 *
 * @typedef {{seq: number, at: string, participant_id: string, text: string}} LogNote
 *
 * @typedef {'recess'|'present'} RequestKind
 * @typedef {{is_exclusive: boolean, holder: string|null, given_at: string|null, ends_at: string|null, is_locked: boolean, hands: {participant_id: string, raised_at: string}[]}} Floor
 * @typedef {{number: number, participant_id: string, request: RequestKind, asked_at: string, note: string}} CourtRequest
 * @typedef {{number: number, participant_id: string, step: 'notice'|'warning', reason: string, at: string, seen_at: string|null}} Warned
 * @typedef {{number: number, participant_id: string, left_at: string, warnings: Warned[], leaving: Leaving|null, finding: 'walked_out'|'excused'|null, note: string}} WalkOut
 * @typedef {{presiding: string|null, floor: Floor, requests: CourtRequest[], warnings: Warned[], walk_outs: WalkOut[], takeovers: {participant_id: string, asked_at: string}[]}} Order
 *
 * @typedef {object} View
 * @property {string} hearing_id
 * @property {string} case_number
 * @property {string} cause
 * @property {string} scheduled_at
 * @property {number} seq
 * @property {SessionState} session
 * @property {RecordMode} record_mode
 * @property {GapReason|null} off_record_reason
 * @property {Phase} phase
 * @property {Countdown|null} countdown
 * @property {string} notice
 * @property {string|null} opened_at
 * @property {string|null} ended_at
 * @property {boolean} judge_present
 * @property {number} seat_count
 * @property {Person} you
 * @property {Person[]} people
 * @property {Order} order
 * @property {Phase[]} merged_phases
 * @property {Permission[]} may
 * @property {{is_public: boolean, is_open: boolean, is_on_air: boolean}} gallery
 * @property {Gap[]} gaps
 * @property {{overridden: boolean, keeps_pictures: boolean, fault_draft: {faults: number, zh_cn: string, en: string}|null}|null} record for those who may listen to it
 * @property {LogNote[]} notes
 * @property {Lobby} lobby
 * @property {import('./rooms.js').Rooms} rooms
 * @property {import('./exhibits.js').Exhibits} exhibits
 *
 * @typedef {'language'|'self'|'identity'|'rules'|'place'|'devices'|'connection'|'done'} Step
 * @typedef {'identity'|'declaration'|'parked'} Lack
 * @typedef {'good'|'okay'|'bad'} Grade
 * @typedef {'works'|'denied'|'missing'|'busy'|'unsupported'|'lost'|'unneeded'} DeviceState
 * @typedef {'not_me'|'driving'|'identity'|'microphone'|'camera'|'sound'|'connection'|'other'} HelpProblem
 * @typedef {{state: 'none'|'deferred'|'submitted'|'accepted'|'refused', snapshot_sha256: string, code_matched: boolean, wrong_codes: number, method: 'compared'|'vouched'|null, reason: string, decided_at: string|null}} Identity
 * @typedef {{language: string|null, is_self: boolean|null, identity: Identity, declaration: {version: string, language: string, sha256: string, at: string}|null, place: {driving: boolean, quiet: boolean, alone: boolean}|null, devices: {microphone: DeviceState, camera: DeviceState, speaker_heard: boolean|null, confirmed: boolean}|null, connection: import('./link-test.js').LinkFound|null}} CheckIn
 * @typedef {{kind: 'short'|'full', must: boolean, step: Step, lacks: Lack[], done: CheckIn, grade: Grade|null}} OwnCheckIn
 * @typedef {{participant_id: string, role: Role, name: string, state: ParticipantState, must: boolean, lacks: Lack[], step: Step, check_in: CheckIn, grade: Grade|null, kept_from: string[]}} Readiness
 * @typedef {{id: number, participant_id: string, problem: HelpProblem, asked_at: string, owner: string|null, closed_at: string|null, outcome: string}} HelpTask
 * @typedef {{seq: number, at: string, participant_id: string, by_court: boolean, to: string|null, text: string}} Message
 * @typedef {{reason: string, until: string|null, announced_at: string}} Delay
 * @typedef {{check_in: OwnCheckIn, delay: Delay|null, help: HelpTask[], talks: import('./talk.js').Talk[], messages: Message[], board: Readiness[]}} Lobby
 *
 * @typedef {{kind: string, participant_id?: string, to?: ParticipantState, reason?: string, note?: string, muted?: boolean, phase?: Phase, by_court?: boolean, accepted?: boolean, mark?: ''|'merged'|'returned', is_on?: boolean, is_granted?: boolean|null, request?: RequestKind, step?: 'notice'|'warning', why?: 'accepted'|'declined', exhibit?: number, title?: string, is_original?: boolean, demands_original?: boolean, is_allowed?: boolean}} CourtEvent
 * @typedef {{seq: number, at: string, event: CourtEvent|null, view: View, now: string}} CourtMessage
 * @typedef {{view: View, events: {seq: number, at: string, event: CourtEvent|null}[], now: string, seat_held_s: number}} Resumed
 * @typedef {{state: 'off'|'writing'|'stalled', bytes_written: number, bytes_last_5s: number, reason: string, keeps_pictures: boolean}} RecorderHealth
 * @typedef {{participant_id: string, connected: boolean, transport: 'udp'|'tcp'|'none', rtt_ms: number|null, loss_up_percent: number, loss_down_percent: number, up_kbps: number, down_kbps: number, level_dbov: number, is_mixed?: boolean}} LinkWeather
 * @typedef {{until: string, people: {participant_id: string, rms_dbfs: number|null, peak_dbfs: number|null, silent_s: number|null}[],
 *   alarms: {participant_id: string, kind: 'silent'|'overdriven'|'missing'|'unwritten', since: string, percent: number|null}[]}} Written
 * @typedef {{participant_id: string, reason: 'weak_link'|'source_stalled'}} PausedPicture
 * @typedef {{recorder: RecorderHealth, now: string, checkpoint?: import('./heads.js').Checkpoint|null, disk?: {free_bytes: number, state: 'ok'|'low'|'critical'}|null, suspends_at?: string|null, speaker?: string|null, paused?: PausedPicture[], link?: LinkWeather|null, links?: LinkWeather[], findings?: (Finding & {participant_id: string})[], incidents?: {number: string, at: string, participant_id: string}[], written?: Written|null, speech?: SpeechTime|null}} Weather
 * @typedef {{since: string, until: string, parties: {party: 'a'|'b'|'court'|'others', ms: number}[], people: {participant_id: string, party: 'a'|'b'|'court'|'others', ms: number}[]}} SpeechTime how long everyone has spoken; for who presides
 * @typedef {'fine'|'weak_network'|'lost_network'|'closed_page'|'device_taken'|'tab_hidden'|'on_the_move'|'ended_by_court'} FindingKind
 * @typedef {{how: 'said_so'|FindingKind, confidence: 'clear'|'likely'|'possible', at: string, was_hidden: boolean, rtt_ms: number|null, loss_percent: number|null}} Leaving
 * @typedef {{kind: FindingKind, confidence: 'clear'|'likely'|'possible', since: string}} Finding
 * @typedef {{at: string, is_linked: boolean, ended: 'closed'|'broken'|'silent'|'cut'|null, hidden: boolean, microphone: 'live'|'off'|'taken'|'lost'|'none', path: 'udp'|'tcp'|'none', rtt_ms: number|null, loss_percent: number}} ConditionSample
 * @typedef {{number: string, at: string, participant_id: string, diagnosis: import('./diagnosis.js').Diagnosis}} Incident
 * @typedef {{samples: ConditionSample[], finding: Finding|null, incidents: Incident[]}} Connectivity
 * @typedef {'superseded'|'replaced'|'removed'|'shutting_down'|'too_slow'|'too_fast'|'link_revoked'|'seat_refused'} GoodbyeReason
 * @typedef {{code: string, message: string, fields: Record<string, unknown>, incident_id: string|null}} ErrorBody
 * @typedef {{participant_id: string, audio_mid: string, video_mid: string}} SeatLines
 * @typedef {{sdp: string, seats: SeatLines[], screen_mid: string|null}} MediaAnswer
 * @typedef {{ice_servers: RTCIceServer[], good_for_s: number}} IceServers
 * @typedef {{kind: string, [field: string]: unknown}} Command
 *
 * @typedef {{seat_token: string, hearing_id: string, participant_id: string, role: Role, name: string, case_number: string, cause: string, scheduled_at: string}} Seat
 *
 * @typedef {{id: string, case_number: string, cause: string, people: {role: Role, name: string, ties?: Ties}[], created_at: string}} Case
 * @typedef {{side: 'a'|'b'|null, linked_to: number|null, screened_from: number[]}} Ties
 * @typedef {{id: string, case_id: string, case_number: string, cause: string, scheduled_at: string, session: SessionState}} HearingSummary
 * @typedef {{participant_id: string, role: Role, name: string, url: string, qr_svg: string, expires_at: string}} JoinLink
 * @typedef {HearingSummary & {people: {participant_id: string, role: Role, name: string, state: ParticipantState}[], links?: JoinLink[]}} HearingDetail
 * @typedef {{user_name: string, display_name: string}} Staff
 *
 * @typedef {{began_at: string, ended_at: string|null}} Span
 * @typedef {{track_id: string, participant_id: string, role: Role, name: string, kind: 'audio'|'video', codec: string, file: string, started_at: string, duration_s: number, bytes: number, torn: boolean, sha256: string|null}} TrackEntry
 * @typedef {{state: 'none'|'waiting'|'making'|'ready'|'failed', progress: number, file: string|null, bytes: number, duration_s: number, sha256: string|null}} Film
 * @typedef {{format: string, hearing_id: string, case_number: string, cause: string, sealed: boolean, opened_at: string|null, ended_at: string|null, seats: {participant_id: string, role: Role, name: string}[], spans: Span[], gaps: Gap[], tracks: TrackEntry[], film: Film}} Manifest
 * @typedef {{at: string, who: string, name: string, file: string, range_from: number}} AccessEntry
 */
export {};

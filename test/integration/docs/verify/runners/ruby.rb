def headers_of(values)
  %w[content-type content-digest webhook-id webhook-timestamp signature-input signature].zip(values).to_h
end

CALLS = {
  "standard" => ->(a) { standard(*a[0..4], a[5].to_i) },
  "standard-public" => ->(a) { standard_public(*a[0..4], a[5].to_i) },
  "over-body" => ->(a) { over_body(*a) },
  "preservica" => ->(a) { preservica(*a) },
  "stripe" => ->(a) { stripe(*a[0..2], a[3].to_i) },
  "v0" => ->(a) { v0(*a[0..3], a[4].to_i) },
  "twitch" => ->(a) { twitch(*a[0..4], a[5].to_i) },
  "http-signature" => ->(a) { http_signature(*a[0..1], headers_of(a[2..7]), a[8], a[9].to_i) },
  "mcs-proof" => ->(a) { mcs_proof(*a) },
  "challenge-response" => ->(a) { challenge_response(*a) }
}
$stdin.each_line(chomp: true) do |line|
  scheme, *fields = line.split("\t")
  puts CALLS.fetch(scheme).call(fields.map { |field| Base64.strict_decode64(field[1..]) })
end

"""A certificate authority for this machine and the certificate of its NATS server, for the embedded default; made with the server, renewed in time."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEARS = 10
"""For how long the authority is good."""

DAYS = 397
"""For how long the server's certificate is good."""

RENEW_DAYS = 30
"""So many days before its end the server's certificate is made anew."""


def certificate(directory: Path) -> tuple[Path, Path, Path]:
    """The files of the authority's certificate (for those who connect), the server's certificate and its key; made where they are missing or old."""
    authority, key, server, server_key = (directory / name for name in ("nats-ca.pem", "nats-ca.key", "nats-server.pem", "nats-server.key"))
    now = datetime.now(UTC)
    if not (authority.exists() and key.exists()):
        _new_authority(authority, key, now)
    if not (server.exists() and server_key.exists()) or _ends(server) < now + timedelta(days=RENEW_DAYS):
        issuer = x509.load_pem_x509_certificate(authority.read_bytes())
        signer = serialization.load_pem_private_key(key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        own = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
            .issuer_name(issuer.subject)
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=DAYS))
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _write_key(server_key, own)
        server.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return authority, server, server_key


def _new_authority(authority: Path, key: Path, now: datetime) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gongkai NATS (this machine)")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
                key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .sign(own, hashes.SHA256())
    )  # fmt: skip
    _write_key(key, own)
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _ends(file: Path) -> datetime:
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
